package com.example;

public class Lib {
    public static void main(String[] arguments) {
        System.out.println("hello");
    }
}
