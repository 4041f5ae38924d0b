-- Drives Neovim's own LSP client (0.7 or later), without a window. Each line that it prints is "KEY: TEXT".
local command = vim.split(vim.env.PROVENDER_COMMAND, "\n")
local root = vim.env.PROVENDER_ROOT
local line_text = vim.env.PROVENDER_LINE
local wait_ms = 20000

local function say(key, text)
  io.stdout:write(key .. ": " .. tostring(text):gsub("\n", " ") .. "\n")
end

local function fail(text)
  say("failed", text)
  vim.cmd("cquit 1")
end

local function request(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, wait_ms) or {}
  for _, answer in pairs(answers) do
    if answer.error then fail(method .. ": " .. answer.error.message) end
    return answer.result
  end
end

vim.cmd("edit " .. vim.fn.fnameescape(vim.env.PROVENDER_FILE))
local client = vim.lsp.start_client({ name = "provender", cmd = command, root_dir = root })
if not client then fail("the server did not start") end
vim.lsp.buf_attach_client(0, client)

vim.wait(wait_ms, function() return #vim.diagnostic.get(0) > 0 end, 50)
local diagnostics = vim.diagnostic.get(0)
say("diagnostics", #diagnostics)
for _, diagnostic in ipairs(diagnostics) do
  say("diagnostic", (diagnostic.lnum + 1) .. " " .. diagnostic.message)
end

local row = vim.fn.search("\\V" .. vim.fn.escape(line_text, "\\"), "cw")
if row == 0 then fail("the file has no line with " .. line_text) end
local start = vim.fn.col(".") - 1
local position = { line = row - 1, character = start + #line_text - 2 }
local document = { uri = vim.uri_from_bufnr(0) }

local hover = request("textDocument/hover", { textDocument = document, position = position })
say("hover", hover and (hover.contents.value or vim.inspect(hover.contents)) or "")

local here = {}
for _, diagnostic in ipairs(diagnostics) do
  local original = diagnostic.user_data and diagnostic.user_data.lsp
  if diagnostic.lnum == row - 1 then
    table.insert(here, {
      range = {
        start = { line = diagnostic.lnum, character = diagnostic.col },
        ["end"] = { line = diagnostic.end_lnum, character = diagnostic.end_col },
      },
      message = diagnostic.message,
      severity = diagnostic.severity,
      source = diagnostic.source,
      code = original and original.code or nil,
    })
  end
end

local actions = request("textDocument/codeAction", {
  textDocument = document,
  range = { start = position, ["end"] = position },
  context = { diagnostics = here, only = { "quickfix" } },
}) or {}
for _, action in ipairs(actions) do
  say("action", action.title)
end

local chosen
for _, action in ipairs(actions) do
  if not action.disabled and (action.isPreferred or not chosen) then chosen = action end
end
if not chosen then fail("no quick fix on the line with " .. line_text) end
if not chosen.edit then chosen = request("codeAction/resolve", chosen) or chosen end
if not chosen.edit then fail("the quick fix has no edit: " .. chosen.title) end
vim.lsp.util.apply_workspace_edit(chosen.edit, "utf-16")
say("applied", vim.trim(vim.fn.getline(row)))
vim.lsp.stop_client(client)
vim.wait(2000, function() return vim.lsp.client_is_stopped(client) end, 50)
vim.cmd("qall!")
