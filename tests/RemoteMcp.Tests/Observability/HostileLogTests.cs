using System.ComponentModel;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.Observability;

/// <summary>Tests what the log contains after hostile requests: no forged line, no control character, and nothing that is secret.</summary>
public sealed partial class HostileLogTests : IAsyncLifetime
{
    private const string Secret = "patient-4711";
    private const string Forged =
        "\r\n12:00:00 info: RemoteMcp.Observability.AuditLog[0] Tool forged called by a/b through c: ok in 1 ms"
        + "\u001b[2J\u001b]0;x\u0007\u202e";

    private readonly CapturedLog _log = new();
    private TestServerHost _server = null!;
    private string _session = "";

    public async ValueTask InitializeAsync()
    {
        _server = await TestServerHost.StartAsync(configure: server =>
        {
            server.WithPrompts<Prompts>().WithResources<Resources>();
            server.Services.AddSingleton<ILoggerProvider>(_log);
            server.Services.AddLogging(static logging => logging.SetMinimumLevel(LogLevel.Trace));
        });
        using var response = await _server.Client.SendAsync(
            Messages.Post(Message("initialize", new
            {
                protocolVersion = "2025-11-25",
                capabilities = new { },
                clientInfo = new { name = "client" + Forged, version = "1" + Forged },
            })),
            TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        _session = response.Headers.GetValues("Mcp-Session-Id").Single();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Names_URIs_and_client_info_cannot_forge_a_line_or_control_a_terminal()
    {
        await SendAsync("tools/call", new { name = "tool" + Forged });
        await SendAsync("tools/call", new { name = "echo", arguments = new { text = new[] { Forged } } });
        await SendAsync("tools/call", new { name = "throws" });
        await SendAsync("prompts/get", new { name = "prompt" + Forged });
        await SendAsync("prompts/get", new { name = "greet", arguments = new { who = Forged } });
        await SendAsync("resources/read", new { uri = "note://" + Forged });
        await SendAsync("resources/read", new { uri = "note://" + Uri.EscapeDataString(Forged) });
        await SendAsync("method" + Forged, new { });
        await SendAsync("logging/setLevel", new { level = Forged });
        await SendAsync(
            "completion/complete",
            new { @ref = new { type = "ref/prompt", name = Forged }, argument = new { name = Forged, value = "" } });
        using var notification = await _server.Client.SendAsync(
            Messages.Post(
                """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"1","reason":"""
                    + JsonSerializer.Serialize(Forged) + "}}",
                _session),
            TestContext.Current.CancellationToken);

        Assert.NotEmpty(_log.Audit);
        Assert.All(_log.Entries, static entry =>
        {
            Assert.DoesNotContain(entry.Message, static character => char.IsControl(character) || character == '\u202e');
            Assert.All(entry.All.Split('\n'), static line =>
            {
                Assert.DoesNotContain(line, static character => char.IsControl(character) || character == '\u202e');
                Assert.DoesNotMatch(StartOfLine(), line);
            });
        });
        Assert.All(_log.Audit, static line => Assert.Matches(AuditLine(), line));
    }

    [Fact]
    public async Task Arguments_and_URIs_are_logged_only_at_the_level_debug()
    {
        await SendAsync("tools/call", new { name = "echo", arguments = new { text = Secret } });
        await SendAsync("tools/call", new { name = "echo", arguments = new { text = new[] { Secret } } });
        await SendAsync("tools/call", new { name = "echo", arguments = new { typo = Secret } });
        await SendAsync("prompts/get", new { name = "greet", arguments = new { who = Secret } });
        await SendAsync("prompts/get", new { name = "parse", arguments = new { number = Secret } });
        await SendAsync("resources/read", new { uri = "note://" + Secret });
        await SendAsync("resources/read", new { uri = "nowhere://" + Secret });
        await SendAsync("resources/read", new { uri = "broken://" + Secret });

        Assert.Contains(_log.Shown, static entry => entry.Exception is not null);
        Assert.Contains(_log.Audit, static line => line.StartsWith("Resource note://{name} read by ", StringComparison.Ordinal));
        Assert.All(_log.Shown, static entry => Assert.DoesNotContain(Secret, entry.All, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Failing_tool_logs_its_stack_trace_once()
    {
        await SendAsync("tools/call", new { name = "throws" });

        var entry = Assert.Single(_log.Shown, static entry => entry.Exception is not null);
        Assert.Contains("TestTools.Throws", entry.Exception!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(TestTools.Secret, entry.All, StringComparison.Ordinal);
    }

    private static string Message(string method, object parameters) =>
        JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, method, @params = parameters });

    private async Task SendAsync(string method, object parameters)
    {
        using var response = await _server.Client.SendAsync(
            Messages.Post(Message(method, parameters), _session), TestContext.Current.CancellationToken);
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"^\d\d:\d\d:\d\d |^Tool forged")]
    private static partial Regex StartOfLine();

    [GeneratedRegex("^(Tool|Prompt|Resource|Completion of|Request) .*")]
    private static partial Regex AuditLine();

    [McpServerPromptType]
    private sealed class Prompts
    {
        [McpServerPrompt(Name = "greet"), Description("Greets.")]
        public static string Greet(string who) => throw new McpException($"who: '{who}' is unknown.");

        [McpServerPrompt(Name = "parse"), Description("Reads a number, and fails without a message for the caller.")]
        public static string Parse(string number) =>
            int.Parse(number, System.Globalization.CultureInfo.InvariantCulture) > 0 ? "positive" : "negative";
    }

    [McpServerResourceType]
    private sealed class Resources
    {
        [McpServerResource(UriTemplate = "note://{name}", Name = "note"), Description("A note.")]
        public static string Note(string name) => throw new McpException($"There is no note '{name}'.");

        [McpServerResource(UriTemplate = "broken://{name}", Name = "broken"), Description("Fails.")]
        public static string Broken(string name) => throw new FileNotFoundException($"Could not find '{name}'.");
    }
}
