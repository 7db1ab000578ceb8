from greet import TEXT

print(TEXT)
