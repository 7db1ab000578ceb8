#!/bin/sh
python -c "from lib import text"
