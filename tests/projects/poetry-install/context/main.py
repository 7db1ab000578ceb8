import iniconfig

print("hello")
