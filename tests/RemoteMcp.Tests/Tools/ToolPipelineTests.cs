using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Auth;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.Tools;

/// <summary>Tests that the filters of the server run outside the filters of the application, in any order of registration.</summary>
public sealed class ToolPipelineTests : EmulatedSignIn
{
    private int _calls;

    private protected override void AddTools(IMcpServerBuilder server) => server.WithRequestFilters(filters => filters
        .AddCallToolFilter(next => async (request, cancellationToken) =>
        {
            Interlocked.Increment(ref _calls);
            return request.Params?.Arguments?["text"].GetString() == "closed"
                ? throw new McpException("The shop is closed. Call again tomorrow.")
                : await next(request, cancellationToken);
        }));

    [Theory]
    [InlineData("""{"text":5}""", 0, "text: must be a string")]
    [InlineData("""{"text":"hello"}""", 1, "hello")]
    [InlineData("""{"text":"closed"}""", 1, "The shop is closed. Call again tomorrow.")]
    public async Task Application_filter_runs_after_the_arguments_were_checked(string arguments, int calls, string text)
    {
        using var response = await SendAsync(Messages.PostStateless(Messages.StatelessCall("echo", arguments)), Token());
        var result = (await response.ReadMessageAsync())["result"]!;

        Assert.Contains(text, (string)result["content"]![0]!["text"]!, StringComparison.Ordinal);
        Assert.Equal(calls, _calls);
    }

    [Fact]
    public async Task Server_does_not_start_with_a_schema_that_it_cannot_enforce()
    {
        var tool = McpServerTool.Create(static (string text) => text, new() { Name = "shout" });
        tool.ProtocolTool.InputSchema = JsonElement.Parse("""{"type":"object","properties":{"text":{"minLenght":1}}}""");

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestServerHost.StartAsync(configure: server => server.WithTools([tool])));

        Assert.Contains("The input schema of the tool 'shout' cannot be enforced", refused.Message, StringComparison.Ordinal);
        Assert.Contains("minLenght", refused.Message, StringComparison.Ordinal);
    }
}
