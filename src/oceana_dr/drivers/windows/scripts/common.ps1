# What every script of this driver begins with: data in, one answer out. Values are data, never part of the code.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'

# loader.ps1 has read it from standard input.
$data = ConvertFrom-Json -InputObject ([System.Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($OceanaGiven)))
$script:changed = $false

# ASCII only: the code page of the session is anybody's guess.
function Write-Answer($Answer, [int]$Status) {
    $json = ConvertTo-Json -InputObject $Answer -Depth 6 -Compress
    $plain = [regex]::Replace($json, '[^\x20-\x7e]', { param($Match) '\u{0:x4}' -f [int][char]$Match.Value })
    [Console]::Out.WriteLine('ODR-BEGIN ' + $data.nonce)
    [Console]::Out.WriteLine($plain)
    [Console]::Out.WriteLine('ODR-END ' + $data.nonce + ' ' + $Status)
    [Console]::Out.Flush()
}

# The message is in the language of Windows: it is passed on for people, and nothing is decided by it.
function Write-Failure($Record) {
    Write-Answer @{
        changed = $script:changed
        error = [string]$Record.FullyQualifiedErrorId
        type = $Record.Exception.GetType().FullName
        says = [string]$Record.Exception.Message
    } 1
}

# A service as numbers: state and start type as Windows counts them, recovery options as the registry has them.
function Read-Service($Service) {
    $Service.Refresh()
    $values = Get-ItemProperty -LiteralPath ('HKLM:\SYSTEM\CurrentControlSet\Services\' + $Service.ServiceName)
    $names = @($values.PSObject.Properties | ForEach-Object { $_.Name })
    $actions = $null
    if ($names -contains 'FailureActions') { $actions = [Convert]::ToBase64String([byte[]]$values.FailureActions) }
    $delayed = ($names -contains 'DelayedAutostart') -and ($values.DelayedAutostart -ne 0)
    return @{
        name = $Service.ServiceName
        status = [int]$Service.Status
        start = [int]$values.Start
        delayed = [bool]$delayed
        actions = $actions
    }
}
