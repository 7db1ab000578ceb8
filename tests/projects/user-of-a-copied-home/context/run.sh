#!/bin/sh
file run.sh
