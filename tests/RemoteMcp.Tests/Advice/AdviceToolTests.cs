using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.Tests.Tools;
using RemoteMcp.ToolCalls;
using RemoteMcp.Tools.Advice;
using Xunit;

namespace RemoteMcp.Tests.Advice;

/// <summary>Tests the tool and the prompt with a real client.</summary>
public sealed class AdviceToolTests
{
    [Theory]
    [InlineData("local-files", "")]
    [InlineData("cloud-api secrets", "")]
    [InlineData("offline", "github slack")]
    [InlineData("", "local-git github")]
    public async Task Tool_prompt_and_command_give_the_same_answer(string needs, string useCases)
    {
        await using var server = await ToolServer.StartAsync();
        var need = needs.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var useCase = useCases.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var expected = AdvisorTests.Recommend(needs, useCase);

        var tool = await server.CallAsync(
            "recommend_deployment", new { needs = need, use_cases = useCase }, cancellationToken: TestContext.Current.CancellationToken);
        var prompt = await PromptAsync(server, new() { ["needs"] = string.Join(", ", need), ["use_case"] = string.Join(", ", useCase) });
        string[] options =
        [
            .. need.SelectMany(each => new[] { "--needs", each }),
            .. useCase.SelectMany(each => new[] { "--use-case", each }),
        ];
        var plain = await AdviseCommandTests.RunAsync(null, options);
        var json = await AdviseCommandTests.RunAsync(null, [.. options, "--json"]);

        Assert.Equal(AdviceText.Render(expected), ToolServer.TextOf(tool));
        Assert.Equal(AdviceText.Render(expected), plain.Output);
        Assert.Contains(AdviceText.Render(expected), prompt, StringComparison.Ordinal);
        Assert.True(JsonElement.DeepEquals(JsonSerializer.SerializeToElement(expected, ToolResult.Json), tool.StructuredContent!.Value));
        Assert.True(JsonElement.DeepEquals(tool.StructuredContent!.Value, JsonElement.Parse(json.Output)));
    }

    [Theory]
    [InlineData("{}", "specify at least one")]
    [InlineData("""{"needs":[],"use_cases":[]}""", "specify at least one")]
    [InlineData("""{"needs":["local_files"]}""", "needs: item 1 must be one of local-files, ")]
    [InlineData("""{"use_cases":["kitchen"]}""", "use_cases: unknown value 'kitchen'. Use one of filesystem, ")]
    [InlineData("""{"needs":["\u001b[31mred\u202e"]}""", @"'\u001B[31mred\u202E'")]
    [InlineData("""{"use_cases":[null]}""", "use_cases: unknown value ''")]
    [InlineData("""{"needs":[""]}""", "but is ''.")]
    [InlineData("""{"needs":[null]}""", "needs: item 1 must be a string, but is null")]
    [InlineData("""{"needs":["0"]}""", "but is '0'.")]
    public async Task Unknown_name_gets_an_error_with_the_valid_names(string arguments, string told)
    {
        await using var server = await ToolServer.StartAsync();

        Assert.Contains(told, await server.RefusalAsync("recommend_deployment", JsonElement.Parse(arguments)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_names_are_refused()
    {
        await using var server = await ToolServer.StartAsync();

        Assert.Contains(
            "at most 50",
            await server.RefusalAsync("recommend_deployment", new { use_cases = Enumerable.Repeat("github", 51) }),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompt_asks_for_missing_needs()
    {
        await using var server = await ToolServer.StartAsync();

        var prompt = await PromptAsync(server, new() { ["tool"] = "It reads the door's camera." });

        Assert.Contains("It reads the door's camera.", prompt, StringComparison.Ordinal);
        Assert.All(NeedNames.All.Keys, need => Assert.Contains($"- {need}: ", prompt, StringComparison.Ordinal));
        Assert.Contains("call recommend_deployment", prompt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("use_case", "kitchen", "unknown value 'kitchen'")]
    [InlineData("needs", "offline, speed", "unknown value 'speed'")]
    public async Task Prompt_refuses_unknown_values(string argument, string value, string told)
    {
        await using var server = await ToolServer.StartAsync();

        var error = await Assert.ThrowsAsync<McpProtocolException>(() => PromptAsync(server, new() { [argument] = value }));

        Assert.Equal(McpErrorCode.InvalidParams, error.ErrorCode);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompt_limits_the_length_of_the_description()
    {
        await using var server = await ToolServer.StartAsync();

        var error = await Assert.ThrowsAsync<McpProtocolException>(() => PromptAsync(server, new() { ["tool"] = new string('x', 4001) }));

        Assert.Contains("at most 4000", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("usecase", "Did you mean use_case?")]
    [InlineData("frequency", "The arguments are use_case, needs, tool.")]
    public async Task Unknown_argument_is_refused(string name, string remedy)
    {
        await using var server = await ToolServer.StartAsync();

        var got = await Assert.ThrowsAsync<McpProtocolException>(() => PromptAsync(server, new() { [name] = "slack" }));
        var completed = await Assert.ThrowsAsync<McpProtocolException>(async () => await server.Client.CompleteAsync(
            new PromptReference { Name = "recommend_deployment" }, name, "s", cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(McpErrorCode.InvalidParams, got.ErrorCode);
        Assert.EndsWith($"the argument '{name}' is unknown. {remedy}", got.Message, StringComparison.Ordinal);
        Assert.Equal(got.Message, completed.Message);
    }

    [Fact]
    public async Task The_use_case_is_completed_while_it_is_typed()
    {
        await using var server = await ToolServer.StartAsync();

        var all = await CompleteAsync("");
        var cloud = await CompleteAsync("cloud-");

        Assert.Equal(UseCaseTable.All.Select(each => each.Id), all);
        Assert.Equal(["cloud-database", "cloud-management"], cloud);

        async Task<IList<string>> CompleteAsync(string typed) => (await server.Client.CompleteAsync(
            new PromptReference { Name = "recommend_deployment" },
            "use_case",
            typed,
            cancellationToken: TestContext.Current.CancellationToken)).Completion.Values;
    }

    [Fact]
    public void Descriptions_name_every_need_and_every_use_case()
    {
        Assert.All(
            NeedNames.All.Keys, need => Assert.Contains($"{need}: ", RecommendDeploymentTool.NeedsDescription, StringComparison.Ordinal));
        Assert.All(
            UseCaseTable.All, each => Assert.Contains(each.Id, RecommendDeploymentTool.UseCasesDescription, StringComparison.Ordinal));
    }

    private static async Task<string> PromptAsync(ToolServer server, Dictionary<string, object?> arguments)
    {
        var prompt = await server.Client.GetPromptAsync(
            "recommend_deployment", arguments, cancellationToken: TestContext.Current.CancellationToken);
        return Assert.IsType<TextContentBlock>(Assert.Single(prompt.Messages).Content).Text;
    }
}
