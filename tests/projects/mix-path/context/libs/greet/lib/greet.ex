defmodule Greet do
  def text, do: "hello"
end
