defmodule App do
  def text, do: "hello"
end
