<?php

require 'vendor/autoload.php';

echo Greet::TEXT;
