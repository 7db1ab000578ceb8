package main

//go:generate sh gen.sh

import (
	"fmt"

	"github.com/google/uuid"
)

func main() {
	fmt.Println(uuid.Nil, text)
}
