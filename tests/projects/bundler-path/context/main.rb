require 'greet'
