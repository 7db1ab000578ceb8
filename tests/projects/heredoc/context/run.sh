#!/bin/sh
cat kind.txt
