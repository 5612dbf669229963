using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Tests.Files;
using Xunit;

namespace RemoteMcp.Tests.Tools;

/// <summary>Tests that a list refuses a cursor that it has not returned.</summary>
public sealed class CursorTests : IDisposable
{
    private readonly TempFolder _folder = new TempFolder().Write("f.txt", "1");

    public static TheoryData<string, string> Cursors => new MatrixTheoryData<string, string>(
        [RequestMethods.ToolsList, RequestMethods.PromptsList, RequestMethods.ResourcesList, RequestMethods.ResourcesTemplatesList],
        ["", "bogus", "eyJwYWdlIjoyfQ=="]);

    [Theory, MemberData(nameof(Cursors))]
    public async Task Unknown_cursor_is_refused_as_invalid_params(string method, string cursor)
    {
        await using var server = await ToolServer.StartAsync(
            static services => services.AddMcpServer().WithPrompts<SomePrompts>(),
            protocol: "2025-11-25",
            settings: ("RemoteMcp:Files:Root", _folder.Root));

        var refusal = await Assert.ThrowsAsync<McpProtocolException>(
            () => SendAsync(server, method, new JsonObject { ["cursor"] = cursor }));

        Assert.Equal(McpErrorCode.InvalidParams, refusal.ErrorCode);
        Assert.Contains("cursor", refusal.Message, StringComparison.Ordinal);
        Assert.NotNull(await SendAsync(server, method, new JsonObject { ["cursor"] = null }));
        Assert.NotNull(await SendAsync(server, method, []));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<JsonNode?> SendAsync(ToolServer server, string method, JsonObject parameters)
    {
        var request = new JsonRpcRequest { Method = method, Params = parameters };
        return (await server.Client.SendRequestAsync(request, TestContext.Current.CancellationToken)).Result;
    }

    private sealed class SomePrompts
    {
        [McpServerPrompt(Name = "greet")]
        public static string Greet() => "Hello";
    }
}
