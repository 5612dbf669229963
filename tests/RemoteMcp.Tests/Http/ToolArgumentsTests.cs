using Xunit;

namespace RemoteMcp.Tests.Http;

public sealed class ToolArgumentsTests
{
    [Theory]
    [InlineData("echo", "{}", "Invalid arguments for 'echo': 'text' is missing.")]
    [InlineData("echo", """{"txt":"a"}""", "Invalid arguments for 'echo': 'text' is missing.")]
    [InlineData("echo", """{"text":{"a":1}}""", "Invalid arguments for 'echo': 'text' must be of type string.")]
    [InlineData("echo", """{"text":["a"]}""", "Invalid arguments for 'echo': 'text' must be of type string.")]
    [InlineData("big", """{"length":"long"}""", "Invalid arguments for 'big': 'length' must be of type integer.")]
    [InlineData("big", """{"length":1.5}""", "Invalid arguments for 'big': 'length' must be of type integer.")]
    [InlineData("big", """{"length":null}""", "Invalid arguments for 'big': 'length' must be of type integer.")]
    public async Task A_model_is_told_what_is_wrong_with_its_arguments(string tool, string arguments, string expected)
    {
        var result = await CallAsync(tool, arguments);

        Assert.True((bool?)result["isError"]);
        Assert.Equal(expected, (string?)result["content"]![0]!["text"]);
    }

    [Theory]
    [InlineData("big", """{"length":"3"}""", "xxx")]
    [InlineData("echo", """{"text":"a","more":1}""", "a")]
    public async Task What_can_be_understood_is_not_refused(string tool, string arguments, string expected)
    {
        var result = await CallAsync(tool, arguments);

        Assert.Null(result["isError"]);
        Assert.Equal(expected, (string?)result["content"]![0]!["text"]);
    }

    [Fact]
    public async Task A_tools_own_failure_is_not_blamed_on_the_arguments()
    {
        var result = await CallAsync("big", """{"length":-1}""");

        Assert.True((bool?)result["isError"]);
        Assert.Equal("An error occurred invoking 'big'.", (string?)result["content"]![0]!["text"]);
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> CallAsync(string tool, string arguments)
    {
        await using var host = await TestServerHost.StartAsync();
        using var response = await host.Client.SendAsync(Messages.PostStateless(Messages.StatelessCall(tool, arguments)), TestContext.Current.CancellationToken);
        return (await response.ReadMessageAsync())["result"]!;
    }
}
