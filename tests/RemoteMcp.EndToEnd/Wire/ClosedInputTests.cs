using System.Text.Json;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Wire;

/// <summary>Tests <c>printf … | remote-mcp stdio</c>: a process whose input ends right after the last message.</summary>
public sealed class ClosedInputTests(StartedServers servers)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Every_line_is_answered_before_the_process_ends()
    {
        await using var process = RunningProcess.Start(Programs.DotNet(Programs.RemoteMcp, ["stdio", "--root", servers.Folder.Path]));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);

        await process.WriteLineAsync(JsonMessages.Initialize(1, "2025-11-25").ToJsonString(), limit.Token);
        await process.WriteLineAsync("no message", limit.Token);
        await process.WriteLineAsync("""{"jsonrpc":"2.0","id":[2],"method":"ping"}""", limit.Token);
        await process.WriteLineAsync(JsonMessages.ListDirectory(3).ToJsonString(), limit.Token);
        process.CloseInput();

        Assert.Equal(0, await process.WaitForExitAsync(limit.Token));
        var lines = process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        Assert.Equal(4, lines.Count);
        Assert.Contains(lines, static line => line.IsAnswerTo(1));
        Assert.Contains("hello.txt", Assert.Single(lines, static line => line.IsAnswerTo(3)).Text(), StringComparison.Ordinal);
        Assert.Equal(
            [-32700, -32600],
            lines.Where(static line => line.TryGetProperty("error", out _))
                .Select(static line => line.GetProperty("error").GetProperty("code").GetInt32()));
        Assert.Contains("Parse error", process.Error, StringComparison.Ordinal);
        Assert.Contains("'id' must be a string or an integer", process.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suggestion_for_a_misspelled_command_goes_to_standard_error()
    {
        await using var process = RunningProcess.Start(Programs.DotNet(Programs.RemoteMcp, ["stdi"]));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);
        process.CloseInput();

        Assert.Equal(1, await process.WaitForExitAsync(limit.Token));
        Assert.Equal("", process.Output);
        Assert.Contains("stdio", process.Error, StringComparison.Ordinal);
    }
}
