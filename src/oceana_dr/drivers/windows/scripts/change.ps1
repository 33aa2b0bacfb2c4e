# Brings services to what is wanted: all of them are as they were found, or nothing is changed.

function Test-Same($Now, $Found) {
    foreach ($field in 'status', 'start', 'delayed', 'actions') {
        if ($Now[$field] -cne $Found.$field) { return $false }   # base64 counts letters by case
    }
    return $true
}

function Invoke-Sc([string[]]$Words) {
    & (Join-Path $env:SystemRoot 'System32\sc.exe') $Words | Out-Null
    if ($LASTEXITCODE -ne 0) { throw ('sc.exe returned ' + $LASTEXITCODE) }
}

function Set-Wanted($Service, $Wanted) {
    $named = @($Wanted.PSObject.Properties | ForEach-Object { $_.Name })
    if ($named -contains 'start') {
        $script:changed = $true
        Set-Service -Name $Service.ServiceName -StartupType $Wanted.start
        # Set-Service leaves a delayed start delayed.
        if ($Wanted.start -eq 'Automatic') { Invoke-Sc @('config', $Service.ServiceName, 'start=', 'auto') }
    }
    if ($named -contains 'reset') {
        $script:changed = $true
        Invoke-Sc @('failure', $Service.ServiceName, 'reset=', [string]$Wanted.reset, 'actions=', $Wanted.actions)
    }
    if ($named -contains 'status') {
        $script:changed = $true
        if ($Wanted.status -eq 4) { $Service.Start() } else { $Service.Stop() }
        $Service.WaitForStatus([System.ServiceProcess.ServiceControllerStatus]$Wanted.status, [TimeSpan]::FromSeconds($data.settle))
    }
}

try {
    Add-Type -AssemblyName System.ServiceProcess
    $work = @()
    foreach ($change in $data.changes) {
        $service = New-Object System.ServiceProcess.ServiceController($change.name)
        if (-not (Test-Same (Read-Service $service) $change.found)) {
            Write-Answer @{ changed = $false; moved = $change.name } 2
            exit 2
        }
        $work += @{ service = $service; wanted = $change.wanted }
    }
    foreach ($item in $work) { Set-Wanted $item.service $item.wanted }
    $services = @()
    foreach ($item in $work) { $services += Read-Service $item.service }
    Write-Answer @{ changed = $script:changed; services = @($services) } 0
    exit 0
} catch {
    Write-Failure $_
    exit 1
}
