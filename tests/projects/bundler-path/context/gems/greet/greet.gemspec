Gem::Specification.new do |gem|
  gem.name = 'greet'
  gem.version = '1.0.0'
  gem.summary = 'Greets'
  gem.authors = ['us']
  gem.files = ['lib/greet.rb']
end
