package greet

const Text = "hello"
