package greet

import "github.com/google/uuid"

var Text = uuid.Nil.String() + " hello"
