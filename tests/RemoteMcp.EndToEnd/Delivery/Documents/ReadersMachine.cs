using System.Diagnostics;
using RemoteMcp.EndToEnd.Processes;

namespace RemoteMcp.EndToEnd.Delivery.Documents;

/// <summary>
/// The machine of a reader of the documents: a home folder, a working folder, and a shell that finds <c>remote-mcp</c>. The projects that
/// <c>dotnet run</c> would build first are already built. Other calls of <c>dotnet</c> fail.
/// </summary>
internal sealed class ReadersMachine : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remote-mcp-reader-");

    public ReadersMachine()
    {
        Directory.CreateDirectory(Folder);
        Directory.CreateDirectory(Temp);
        var dotnet = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .Select(static folder => Path.Combine(folder, "dotnet"))
            .First(File.Exists);
        AddProgram("remote-mcp", $"""exec '{dotnet}' '{Programs.RemoteMcp}' "$@" """);
        AddProgram("dotnet", $"""
            [ "$*" = 'build src/RemoteMcp.Cli' ] || [ "$*" = 'build src/RemoteMcp.Cli --verbosity quiet --nologo' ] && exit 0
            said="dotnet $*"
            [ "$1" = run ] && shift && [ "$1" = --no-build ] && shift
            [ "$1" = --project ] && [ "$3" = -- ] && project=$2 && shift 3
            case "$project" in
              src/RemoteMcp.Cli) exec '{dotnet}' '{Programs.RemoteMcp}' "$@" ;;
              tests/RemoteMcp.Emulators) exec '{dotnet}' '{Programs.Emulators}' "$@" ;;
              tests/RemoteMcp.EndToEnd) exec '{dotnet}' '{typeof(ReadersMachine).Assembly.Location}' "$@" ;;
              *) echo "this command does not run in a test: $said" >&2; exit 97 ;;
            esac
            """);
    }

    /// <summary>The folder in which the reader enters commands.</summary>
    public string Folder => Path.Combine(Home, "work");

    public string Home => Path.Combine(_folder.FullName, "home");

    /// <summary>The folder that replaces <c>/tmp</c>.</summary>
    public string Temp => Path.Combine(_folder.FullName, "tmp");

    private string Bin => Path.Combine(_folder.FullName, "bin");

    /// <summary>Adds a program to the PATH, as a <c>sh</c> script.</summary>
    public void AddProgram(string name, string script)
    {
        var path = Path.Combine(Directory.CreateDirectory(Bin).FullName, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Writes a file. <paramref name="name"/> is relative to the home folder.</summary>
    public void Write(string name, string content)
    {
        var path = Path.Combine(Home, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    /// <summary>Creates the process that runs the command in a shell.</summary>
    public ProcessStartInfo Shell(string command)
    {
        var start = Programs.Shell(command);
        start.WorkingDirectory = Folder;
        start.Environment["HOME"] = Home;
        start.Environment["TMPDIR"] = Temp;
        start.Environment["PATH"] = $"{Bin}{Path.PathSeparator}{start.Environment["PATH"]}";
        // The settings of the user who runs the tests must not apply.
        foreach (var name in (string[])["XDG_CONFIG_HOME", "CI"])
        {
            start.Environment.Remove(name);
        }

        return start;
    }

    /// <summary>Runs the command to completion, without input.</summary>
    /// <exception cref="OperationCanceledException">The command did not end within 90 seconds.</exception>
    public async Task<NodeResult> RunAsync(string command, CancellationToken cancellationToken)
    {
        await using var process = RunningProcess.Start(Shell(command));
        process.CloseInput();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        return new NodeResult(await process.WaitForExitAsync(limit.Token), process.Output, process.Error);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
