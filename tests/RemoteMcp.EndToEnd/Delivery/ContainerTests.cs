using System.Diagnostics;
using System.IO.Enumeration;
using System.Text.Json;
using System.Text.RegularExpressions;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.EndToEnd.Delivery;

/// <summary>
/// Tests the steps of the Dockerfile without Docker: builds the same files with the same command, and starts the result in the same way.
/// </summary>
public sealed partial class ContainerTests : IDisposable
{
    private static readonly TimeSpan s_publishLimit = TimeSpan.FromMinutes(15);

    private readonly DirectoryInfo _image = Directory.CreateTempSubdirectory("remote-mcp-image-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Source => Path.Combine(_image.FullName, "source");

    private string App => Path.Combine(_image.FullName, "app");

    private string Files => Path.Combine(_image.FullName, "files");

    [Fact]
    public async Task Container_files_build_and_serve_only_with_sign_in()
    {
        var dockerfile = await Repository.ReadAsync("Dockerfile", Cancelled);
        await CopyContextAsync();
        await PublishAsync(InImage(Only(Run(), dockerfile)));
        Directory.CreateDirectory(Files);

        string[] command = [.. Words(Only(Entrypoint(), dockerfile)), .. Words(Only(Cmd(), dockerfile))];

        await using var open = RunningProcess.Start(InContainer(command));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(ServerProcess.StartLimit);
        Assert.Equal(1, await open.WaitForExitAsync(limit.Token));
        Assert.Contains("set RemoteMcp:Auth:Mode to Entra", open.Error, StringComparison.Ordinal);

        var onFreePort = command.Select(
            static word => word.Replace("http://0.0.0.0:8080", "http://127.0.0.1:0", StringComparison.Ordinal));
        await using var server = await ServerProcess.StartAsync(InContainer([.. onFreePort]), ServerProcess.StartLimit, Cancelled);
        using var client = new HttpClient();
        Assert.Contains("\"Healthy\"", await client.GetStringAsync(new Uri(server.Address, "readyz"), Cancelled), StringComparison.Ordinal);
    }

    public void Dispose() => _image.Delete(recursive: true);

    private static string Only(Regex instruction, string dockerfile) => Assert.Single(instruction.Matches(dockerfile)).Groups[1].Value;

    private static string[] Words(string array) => JsonSerializer.Deserialize<string[]>(array)!;

    private string InImage(string text) => ImagePath().Replace(text, match => _image.FullName + match.Value);

    private ProcessStartInfo InContainer(string[] command)
    {
        var start = Programs.Program(command[0], command[1..].Select(InImage));
        start.WorkingDirectory = Files;
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return start;
    }

    private async Task CopyContextAsync()
    {
        var rules = await File.ReadAllLinesAsync(Repository.PathOf(".dockerignore"), Cancelled);
        foreach (var file in Repository.Files().Where(file => IsInContext(file, rules)))
        {
            var copy = Path.Combine(Source, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Repository.PathOf(file), copy);
        }
    }

    // The last rule that matches the file or a parent folder decides. `**/bin` and `**/obj` never match files of the repository.
    private static bool IsInContext(string file, IEnumerable<string> rules) => rules
        .Where(static rule => rule.Length > 0 && !rule.StartsWith("**/", StringComparison.Ordinal))
        .Aggregate(true, (included, rule) => rule[0] switch
        {
            '!' => included || Names(rule[1..], file),
            _ => included && !Names(rule, file),
        });

    private static bool Names(string rule, string file) =>
        FileSystemName.MatchesSimpleExpression(rule, file, ignoreCase: false) || file.StartsWith(rule + "/", StringComparison.Ordinal);

    private async Task PublishAsync(string command)
    {
        var start = Programs.Shell(command);
        start.WorkingDirectory = Source;
        // Prevents a build server that outlives the test.
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        await using var publish = RunningProcess.Start(start);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(s_publishLimit);
        Assert.True(await publish.WaitForExitAsync(limit.Token) == 0, publish.Describe());
    }

    [GeneratedRegex(@"^RUN (.+)$", RegexOptions.Multiline)]
    private static partial Regex Run();

    [GeneratedRegex(@"^ENTRYPOINT (\[.+\])$", RegexOptions.Multiline)]
    private static partial Regex Entrypoint();

    [GeneratedRegex(@"^CMD (\[.+\])$", RegexOptions.Multiline)]
    private static partial Regex Cmd();

    [GeneratedRegex(@"(?<=^|\s)/(app|files|source)\b")]
    private static partial Regex ImagePath();
}
