import six

open("out.txt", "w").write(six.ensure_str("built"))
