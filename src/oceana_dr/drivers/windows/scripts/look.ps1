# Reads services and files, and who asks them; changes nothing.

function Find-Service($All, $Wanted) {
    switch ($Wanted.by) {
        'name' { return @($All | Where-Object { $_.ServiceName -eq $Wanted.text }) }
        'names' { return @($All | Where-Object { $_.ServiceName -like $Wanted.text }) }
        'display' { return @($All | Where-Object { $_.DisplayName -like $Wanted.text }) }
    }
}

# The text of the file stays here: a connection string may hold a password.
function Read-File($Path, $Names) {
    if (-not (Test-Path -LiteralPath $Path -PathType Leaf)) { return @{ path = $Path; there = $false } }
    $bytes = [System.IO.File]::ReadAllBytes($Path)
    $digest = [BitConverter]::ToString([System.Security.Cryptography.SHA256]::Create().ComputeHash($bytes))
    $document = New-Object System.Xml.XmlDocument
    $document.XmlResolver = $null
    try {
        $document.Load((New-Object System.IO.MemoryStream(, $bytes)))
    } catch [System.Xml.XmlException] {
        return @{ path = $Path; there = $true; xml = $false; digest = $digest; times = @() }
    }
    $times = @()
    foreach ($name in $Names) {
        # The name alone: not as the end or the beginning of a longer one.
        $pattern = '(?i)(?<![\w.-])' + [regex]::Escape($name) + '(?![\w-]|\.\w)'
        $times += [regex]::Matches($document.OuterXml, $pattern).Count
    }
    return @{ path = $Path; there = $true; xml = $true; digest = $digest; times = $times }
}

try {
    Add-Type -AssemblyName System.ServiceProcess
    $all = [System.ServiceProcess.ServiceController]::GetServices()
    $services = @()
    foreach ($wanted in $data.services) {
        $found = @()
        foreach ($service in @(Find-Service $all $wanted)) { $found += Read-Service $service }
        $services += @{ key = $wanted.key; found = @($found) }
    }
    $files = @()
    foreach ($path in $data.files) { $files += Read-File $path $data.names }
    $identity = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent())
    Write-Answer @{
        services = @($services)
        files = @($files)
        administrator = $identity.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
        bits = [IntPtr]::Size * 8
        now = [DateTime]::UtcNow.ToString('o', [System.Globalization.CultureInfo]::InvariantCulture)
        powershell = $PSVersionTable.PSVersion.ToString()
        windows = [Environment]::OSVersion.Version.ToString()
    } 0
    exit 0
} catch {
    Write-Failure $_
    exit 1
}
