<?php

class Greet
{
    const TEXT = 'hello';
}
