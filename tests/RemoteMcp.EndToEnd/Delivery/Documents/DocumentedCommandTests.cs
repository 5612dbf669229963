using System.Net;
using System.Text.RegularExpressions;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.EndToEnd.Delivery.Documents;

/// <summary>
/// Tests that the commands in the documents do what the documents say. Each new command in a document must run in this class, or an entry
/// in <see cref="ExemptCommands"/> must give the reason why not.
/// </summary>
public sealed partial class DocumentedCommandTests(StartedServers servers, SharedAzurite azurite) : IDisposable
{
    // The test replaces the documented port with a free port.
    private const string FreePort = " --urls http://127.0.0.1:0";

    private readonly ReadersMachine _machine = new();

    public static TheoryData<string> RunToCompletion => [.. ExecutedCommands.RunToCompletion.Select(static run => run.Command)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_documented_command_is_run_or_listed_with_a_reason()
    {
        var shown = await DocumentedCommand.AllAsync();
        List<string> listed =
        [
            .. ExecutedCommands.RunToCompletion.Select(static run => run.Command),
            .. ExecutedCommands.WithSeparateTests,
            .. ExecutedCommands.RegistrationScript,
            .. ExemptCommands.All.Select(static entry => entry.Command),
        ];

        string[] unlisted = [.. shown
            .Where(command => !listed.Exists(entry => ExemptCommands.Fits(entry, command.Command)))
            .Select(static command => command.ToString())];
        string[] gone = [.. listed.Where(entry => !shown.Any(command => ExemptCommands.Fits(entry, command.Command)))];
        Assert.True(
            unlisted.Length == 0, $"Documented commands that are neither run nor listed with a reason:\n{string.Join('\n', unlisted)}");
        Assert.True(gone.Length == 0, $"Listed commands that no document contains:\n{string.Join('\n', gone)}");
        Assert.Equal(listed.Distinct(), listed);
    }

    [Theory]
    [MemberData(nameof(RunToCompletion))]
    public async Task Documented_command_succeeds_and_prints_its_result(string command)
    {
        var run = ExecutedCommands.RunToCompletion.Single(run => run.Command == command);
        var server = (await servers.RemoteMcpAsync()).Endpoint;
        _machine.Write(".cursor/mcp.json", """
            {
              // The existing server of the team.
              "mcpServers": { "github": { "command": "npx", "args": ["-y", "@modelcontextprotocol/server-github"] } }
            }
            """);

        var result = await _machine.RunAsync(OfServer().Replace(command, server.ToString()) + run.Ending, Cancelled);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains(run.Says, result.Output + result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExecutedCommands.Serve)]
    [InlineData("remote-mcp serve")]
    public async Task Serve_prints_the_configuration_of_each_client(string command)
    {
        await using var server = await ServerProcess.StartAsync(_machine.Shell(command + FreePort), ServerProcess.StartLimit, Cancelled);

        // README.md shows the configuration of Claude Code, which the test machine does not have.
        await Eventually.IsTrueAsync(() =>
            server.Log.Contains($"claude mcp add --transport http remote-mcp {server.Endpoint}", StringComparison.Ordinal));
        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(server.Address, "readyz"), Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Server_with_sign_in_starts_against_the_emulators_of_another_terminal()
    {
        await using var emulators = RunningProcess.Start(
            _machine.Shell(ExecutedCommands.Emulate + " --urls 'https://localhost:0;http://localhost:0'"));
        await Eventually.IsTrueAsync(() => emulators.Output.Contains("\nReady.", StringComparison.Ordinal), ServerProcess.StartLimit);

        var command = ExecutedCommands.ServeWithSignIn.Replace("/tmp/", _machine.Temp + "/", StringComparison.Ordinal) + FreePort;
        await using var server = await ServerProcess.StartAsync(_machine.Shell(command), ServerProcess.StartLimit, Cancelled);

        // The checks of deploy.yml and of operators: the server is healthy and ready, and its challenge links to the metadata.
        var smoke = await _machine.RunAsync($"'{Repository.PathOf("infra/hooks/smoke-test.sh")}' {server.Endpoint}", Cancelled);
        Assert.True(smoke.ExitCode == 0, smoke.Output + smoke.Error + server.Log);
        Assert.Contains($"described: {server.Endpoint}", smoke.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_file_of_the_guide_is_imported()
    {
        var guide = await Repository.ReadAsync("docs/analytics.md", Cancelled);
        _machine.Write("work/data.csv", CsvBlock().Match(guide).Groups[1].Value);
        // Azurite replaces the storage account.
        var command = ExecutedCommands.Import.Replace(
            "TableEndpoint=https://ACCOUNT.table.core.windows.net",
            $"ConnectionString='{(await azurite.GetAsync()).ConnectionString}'",
            StringComparison.Ordinal);

        var result = await _machine.RunAsync($"{command} --set RemoteMcp:Storage:TablePrefix={SharedAzurite.UniqueName()}", Cancelled);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("Imported 3 events of pageviews, revenue, signups, 2026-03-01", result.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _machine.Dispose();

    [GeneratedRegex(@"\bURL$|https://HOST/mcp$")]
    private static partial Regex OfServer();

    [GeneratedRegex(@"```csv\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CsvBlock();
}
