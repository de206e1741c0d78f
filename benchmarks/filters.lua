-- Asks for another combination of filters each time, so that no parse and no answer can be remembered.
local domains = {"employment", "social-insurance", "labour-relations", "talent-personnel", "social-security-card", "rights-protection"}
local statuses = {"active", "any"}
local n = 0
request = function()
  n = n + 1
  local query = "domain=" .. domains[n % 6 + 1] .. "&status=" .. statuses[n % 2 + 1] .. "&limit=" .. (n % 997 + 1)
  return wrk.format("GET", "/api/v1/services?" .. query)
end
