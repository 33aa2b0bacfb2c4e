# Runs what comes on standard input: the first line is a script, the second its data, each in base64.
$ErrorActionPreference = 'Stop'
$lines = @($input)
$OceanaGiven = $lines[1]
& ([ScriptBlock]::Create([System.Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($lines[0]))))
