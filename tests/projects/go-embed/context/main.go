package main

import (
	_ "embed"
	"fmt"

	"github.com/google/uuid"
)

//go:embed text.txt
var text string

func main() {
	fmt.Print(uuid.Nil, text)
}
