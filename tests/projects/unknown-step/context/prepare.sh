#!/bin/sh
echo prepared > prepared.txt
