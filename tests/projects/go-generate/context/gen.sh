printf 'package main\n\nconst text = "%s"\n' "$(cat text.txt)" > text.go
