#!/bin/sh
tree
