-- Asks each query of the file named by QUERIES once, one a line, so that no parse and no answer can be remembered.
local queries = io.lines(os.getenv("QUERIES"))
request = function()
  return wrk.format("GET", "/api/v1/services?" .. queries())
end
