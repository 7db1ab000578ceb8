package main

import (
	"fmt"

	"example.com/greet"
	"github.com/google/uuid"
)

func main() {
	fmt.Println(uuid.Nil, greet.Text)
}
