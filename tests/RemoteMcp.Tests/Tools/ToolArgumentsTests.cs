using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.Tests.Files;
using Xunit;

namespace RemoteMcp.Tests.Tools;

/// <summary>Tests that the error for an invalid argument contains its name and the expected value.</summary>
public sealed class ToolArgumentsTests : IDisposable
{
    private readonly TempFolder _folder = new TempFolder().Write("f.txt", "1\n2\n3\n");

    [Theory]
    [InlineData("read_file", "{}", "path: is required but was not given.")]
    [InlineData("read_file", """{"path":null}""", "path: is required but was not given.")]
    [InlineData("read_file", """{"path":5}""", "path: must be a string, but is the number 5.")]
    [InlineData("read_file", """{"path":["f.txt"]}""", "path: must be a string, but is an array.")]
    [InlineData("read_file", """{"path":{"a":1}}""", "path: must be a string, but is an object.")]
    [InlineData("read_file", """{"path":"f.txt","limit":"ten"}""", "limit: must be a whole number, but is a string.")]
    [InlineData("read_file", """{"path":"f.txt","limit":1.5}""", "limit: must be a whole number, but is the number 1.5.")]
    [InlineData("read_file", """{"path":"f.txt","limit":0}""", "limit: must be 1 to 10000, but is 0.")]
    [InlineData("read_file", """{"path":"f.txt","limit":10001}""", "limit: must be 1 to 10000, but is 10001.")]
    [InlineData("read_file", """{"path":"f.txt","limit":1e400}""", "limit: must be 1 to 10000, but is 1e400.")]
    [InlineData("read_file", """{"path":"f.txt","limit":1e-400}""", "limit: must be a whole number, but is the number 1e-400.")]
    [InlineData("read_file", """{"path":"f.txt","limit":10000.5}""", "limit: must be a whole number, but is the number 10000.5.")]
    [InlineData("read_file", """{"path":"f.txt","limit":1.0e5}""", "limit: must be 1 to 10000, but is 1.0e5.")]
    [InlineData("read_file", """{"path":"f.txt","limits":1}""", "limits: is unknown. Did you mean limit?")]
    [InlineData("read_file", """{"path":"f.txt","limits":null}""", "limits: is unknown. Did you mean limit?")]
    [InlineData("query_analytics", """{"metric":"m","groupBy":"country"}""", "groupBy: is unknown. Did you mean group_by?")]
    [InlineData("list_directory", """{"path_\u202e":"x"}""", "path_\\u202E: is unknown. Did you mean path?")]
    [InlineData("read_file", """{"path":"f.txt","offset":99999999999}""", "offset: must be -10000 to 2147483647, but is 99999999999.")]
    [InlineData("search_files", """{"query":""}""", "query: must be 1 to 1000 characters long, but is 0.")]
    [InlineData("search_files", """{"query":"x","regex":"yes"}""", "regex: must be true or false, but is a string.")]
    [InlineData("search_files", """{"query":"x","regex":1}""", "regex: must be true or false, but is the number 1.")]
    [InlineData("search_files", """{"query":"x","cursor":true}""", "cursor: must be a string or null, but is true.")]
    [InlineData("recommend_deployment", """{"needs":"offline"}""", "needs: must be an array or null, but is a string.")]
    [InlineData("recommend_deployment", """{"use_cases":[true]}""", "use_cases: item 1 must be a string or null, but is true.")]
    [InlineData("recommend_deployment", """{"needs":["offline",5]}""", "needs: item 2 must be a string, but is the number 5.")]
    public async Task Invalid_argument_gets_an_error_with_its_name(string tool, string arguments, string expected)
    {
        var result = await CallAsync(tool, arguments);

        Assert.True(result.IsError);
        Assert.Equal(expected, ToolServer.TextOf(result));
    }

    [Theory]
    [InlineData("""{"path":"f.txt","limit":null,"offset":null}""")]
    [InlineData("""{"path":"f.txt","limit":3.0,"offset":1e0}""")]
    [InlineData("""{"path":"f.txt","limit":0.3e1}""")]
    [InlineData("""{"path":"./f.txt"}""")]
    public async Task Null_is_ignored_and_integers_may_have_a_point_or_an_exponent(string arguments)
    {
        var result = await CallAsync("read_file", arguments);

        Assert.False(result.IsError is true, ToolServer.TextOf(result));
        Assert.Equal("1\n2\n3\n", ToolServer.TextOf(result));
    }

    [Fact]
    public async Task Unknown_argument_gets_the_names_of_the_arguments()
    {
        var problem = ToolServer.TextOf(await CallAsync("read_file", """{"path":"f.txt","filter":"a"}"""));

        Assert.StartsWith("filter: is unknown. The valid names are path, offset, limit", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_argument_with_a_very_long_name_gets_a_short_answer()
    {
        var problem = ToolServer.TextOf(await CallAsync("read_file", $$"""{"path":"f.txt","{{new string('x', 1_000_000)}}":1}"""));

        Assert.InRange(problem.Length, 1, 300);
    }

    [Fact]
    public async Task Too_long_argument_is_refused_before_the_tool_runs()
    {
        var result = await CallAsync("search_files", $$"""{"query":"{{new string('x', 1001)}}"}""");

        Assert.Equal("query: must be 1 to 1000 characters long, but is 1001.", ToolServer.TextOf(result));
    }

    public void Dispose() => _folder.Dispose();

    // Sends raw JSON, because the types of the client cannot express all of these arguments.
    private async Task<CallToolResult> CallAsync(string tool, string arguments)
    {
        await using var server = await FileServer.StartAsync(_folder.Root, "2025-11-25");
        var request = new JsonRpcRequest
        {
            Method = RequestMethods.ToolsCall,
            Params = new JsonObject { ["name"] = tool, ["arguments"] = JsonNode.Parse(arguments) },
        };
        var response = await server.Client.SendRequestAsync(request, TestContext.Current.CancellationToken);
        return response.Result.Deserialize<CallToolResult>(McpJsonUtilities.DefaultOptions)!;
    }
}
