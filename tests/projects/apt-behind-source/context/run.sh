#!/bin/sh
cat name.txt
