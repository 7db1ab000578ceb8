import iniconfig


def main():
    print("hello")
