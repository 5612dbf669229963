using System.Text.Json;
using System.Text.Json.Nodes;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.EndToEnd.Wire;

/// <summary>Tests every protocol revision over standard input and output.</summary>
public sealed class RevisionsOverStdioTests(StartedServers servers)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task A_revision_with_sessions_initializes_lists_and_calls(string revision)
    {
        await ExchangeMessagesAsync(async ask =>
        {
            var welcome = await ask(JsonMessages.Initialize(1, revision));
            Assert.Equal(revision, welcome.GetProperty("result").GetProperty("protocolVersion").GetString());

            await ask(JsonMessages.Notification("notifications/initialized"));
            Assert.Contains("list_directory", (await ask(JsonMessages.Request(2, "tools/list"))).ToolNames());
            Assert.Contains("hello.txt", (await ask(JsonMessages.ListDirectory(3))).Text(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Revision_2026_07_28_discovers_lists_and_calls()
    {
        await ExchangeMessagesAsync(async ask =>
        {
            var server = await ask(JsonMessages.Request(1, "server/discover").SelfContained());
            Assert.Contains(
                Messages.Stateless,
                server.GetProperty("result").GetProperty("supportedVersions").EnumerateArray().Select(version => version.GetString()));

            Assert.Contains("list_directory", (await ask(JsonMessages.Request(2, "tools/list").SelfContained())).ToolNames());
            Assert.Contains("hello.txt", (await ask(JsonMessages.ListDirectory(3).SelfContained())).Text(), StringComparison.Ordinal);
        });
    }

    /// <summary>Starts the server, exchanges messages, closes its input, and asserts that it ends and has written only messages.</summary>
    private async Task ExchangeMessagesAsync(Func<Func<JsonObject, Task<JsonElement>>, Task> talk)
    {
        await using var process = RunningProcess.Start(Programs.DotNet(Programs.RemoteMcp, ["stdio", "--root", servers.Folder.Path]));

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);

        await talk(message => AskAsync(process, message, limit.Token));

        process.CloseInput();
        Assert.Equal(0, await process.WaitForExitAsync(limit.Token));
        Assert.All(process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Equal("2.0", JsonElement.Parse(line).GetProperty("jsonrpc").GetString()));
    }

    private static async Task<JsonElement> AskAsync(RunningProcess process, JsonObject message, CancellationToken cancellationToken)
    {
        await process.WriteLineAsync(message.ToJsonString(), cancellationToken);
        if (message["id"] is not { } id)
        {
            return default;
        }

        while (await process.ReadLineAsync(cancellationToken) is { } line)
        {
            if (JsonElement.Parse(line) is var answer && answer.IsAnswerTo(id.GetValue<int>()))
            {
                return answer;
            }
        }

        throw new InvalidOperationException($"The process ended: {process.Describe()}");
    }
}
