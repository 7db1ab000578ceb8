import six

print("hello")
