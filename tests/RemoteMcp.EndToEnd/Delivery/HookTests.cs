using RemoteMcp.EndToEnd.Delivery.Documents;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.EndToEnd.Delivery;

/// <summary>
/// Runs azd's hooks as azd runs them on Linux and macOS, and runs the smoke test. <see cref="DocumentedCommandTests"/> also runs the smoke
/// test against a server.
/// </summary>
public sealed class HookTests(StartedServers servers) : IDisposable
{
    private readonly ReadersMachine _machine = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deployment_ends_with_a_check_of_the_server_and_each_clients_configuration()
    {
        var url = (await servers.RemoteMcpAsync()).Endpoint;

        var result = await RunAsync("postdeploy", $"MCP_URL={url}");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.StartsWith($"The MCP server: {url}\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("ok    Latency", result.Output, StringComparison.Ordinal);
        Assert.All(["vscode", "claude-code", "claude-desktop", "cursor", "inspector"], client =>
            Assert.Contains(url.ToString(), result.Output.Split($"--- {client}\n")[1].Split("\n---")[0], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Unhealthy_server_still_gets_the_client_configurations()
    {
        var result = await RunAsync("postdeploy", "MCP_URL=http://127.0.0.1:1/mcp");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("--- inspector\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipeline_gets_only_the_URL()
    {
        var result = await RunAsync("postdeploy", "CI=true MCP_URL=https://mcp.example.com/mcp");

        Assert.Equal((0, "The MCP server: https://mcp.example.com/mcp\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task Without_a_deployment_the_hook_says_what_is_missing()
    {
        var result = await RunAsync("postdeploy", "MCP_URL=");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("run azd provision", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("MCP_SECOND_REGION=false", "")]
    [InlineData("MCP_SECOND_REGION=true", "MCP_DEPLOY_SECOND=true azd deploy mcp-second --environment two --no-prompt\n")]
    public async Task Second_region_is_deployed_after_the_first_if_it_exists(string environment, string deployed)
    {
        _machine.AddProgram("azd", "echo \"MCP_DEPLOY_SECOND=$MCP_DEPLOY_SECOND azd $*\"");

        var result = await RunAsync("deploy-second", $"AZURE_ENV_NAME=two {environment}");

        Assert.Equal((0, deployed), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task A_second_region_that_cannot_be_deployed_fails_the_deployment()
    {
        _machine.AddProgram("azd", "exit 3");

        var result = await RunAsync("deploy-second", "AZURE_ENV_NAME=two MCP_SECOND_REGION=true");

        Assert.Equal(3, result.ExitCode);
    }

    [Fact]
    public async Task Client_configurations_are_not_repeated_for_the_second_region()
    {
        var result = await RunAsync("postdeploy", "MCP_DEPLOY_SECOND=true MCP_URL=https://mcp.example.com/mcp");

        Assert.Equal((0, "The MCP server: https://mcp.example.com/mcp\n"), (result.ExitCode, result.Output));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("MCP_MONTHLY_BUDGET=0", "")]
    [InlineData("MCP_MONTHLY_BUDGET=50 MCP_BUDGET_START=2026-11-01", "")]
    [InlineData("MCP_MONTHLY_BUDGET=50", "MCP_MONTHLY_BUDGET needs MCP_BUDGET_START: azd env set MCP_BUDGET_START yyyy-MM-01")]
    [InlineData("MCP_SECOND_LOCATION=x MCP_CUSTOM_DOMAIN=y MCP_CERTIFICATE=z", "")]
    [InlineData("MCP_SECOND_LOCATION=x MCP_CUSTOM_DOMAIN=y", "MCP_SECOND_LOCATION needs MCP_CUSTOM_DOMAIN and MCP_CERTIFICATE")]
    [InlineData("MCP_SECOND_LOCATION=x MCP_CERTIFICATE=z", "MCP_SECOND_LOCATION needs MCP_CUSTOM_DOMAIN and MCP_CERTIFICATE")]
    public async Task Settings_that_do_not_work_together_are_refused_before_provisioning(string environment, string refused)
    {
        _machine.AddProgram("date", "[ \"$*\" = '-u +%Y-%m-01' ] && echo yyyy-MM-01");

        var result = await RunAsync("preprovision", environment);

        Assert.Equal(refused.Length == 0 ? 0 : 1, result.ExitCode);
        Assert.Contains(refused, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_smoke_test_waits_for_a_front_end_that_does_not_know_the_route_yet()
    {
        _machine.AddProgram("sleep", "echo waited");
        // The server responds with 404 at first. curl fails if it has --fail.
        _machine.AddProgram("curl", """
            echo x >> ~/asked
            challenge='www-authenticate: Bearer resource_metadata="https://mcp.example.com/metadata", scope="Mcp.Use"'
            case "$(wc -l < ~/asked):$*" in
              1:*) exit 22 ;;
              4:*) printf 'HTTP/2 404\r\n' ;;
              6:*) exit 22 ;;
              *ping*) printf 'HTTP/2 401\r\n%s\r\n' "$challenge" ;;
              *metadata) echo '{"resource":"https://mcp.example.com/mcp"}' ;;
            esac
            """);

        var result = await SmokeTestAsync();

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Equal(3, result.Output.Split("waited").Length - 1);
        Assert.EndsWith("described: https://mcp.example.com/mcp\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_smoke_test_gives_up_after_20_minutes()
    {
        _machine.AddProgram("sleep", "");
        _machine.AddProgram("curl", "exit 7");
        _machine.AddProgram("date", "echo x >> ~/minutes; echo $(($(wc -l < ~/minutes) * 60))");

        var result = await SmokeTestAsync();

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("did not pass within 20 minutes: answers healthz", result.Error, StringComparison.Ordinal);
        Assert.Equal(21, (await File.ReadAllLinesAsync(Path.Combine(_machine.Home, "minutes"), Cancelled)).Length);
    }

    public void Dispose() => _machine.Dispose();

    private Task<NodeResult> SmokeTestAsync() =>
        _machine.RunAsync($"'{Repository.PathOf("infra/hooks/smoke-test.sh")}' https://mcp.example.com/mcp", Cancelled);

    private Task<NodeResult> RunAsync(string hook, string environment) =>
        _machine.RunAsync($"{environment} sh '{Repository.PathOf($"infra/hooks/{hook}.sh")}'", Cancelled);
}
