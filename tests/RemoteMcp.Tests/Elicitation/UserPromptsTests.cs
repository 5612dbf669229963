using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Xunit;

namespace RemoteMcp.Tests.Elicitation;

/// <summary>Tests tools that ask the user questions, with a real client of each protocol revision.</summary>
public sealed class UserPromptsTests
{
    public static TheoryData<Link> Links => [.. Enum.GetValues<Link>()];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Links))]
    public async Task A_confirmed_question_lets_the_tool_act_once(Link link)
    {
        await using var host = await UserPromptsHost.StartAsync();
        var asked = new List<string>();
        await using var client = await host.ConnectAsync(link, question =>
        {
            asked.Add(question.Message);
            return Yes();
        });

        Assert.Equal("deleted a.txt", await CallAsync(client, "delete", ("path", "a.txt")));
        Assert.Equal(["Delete a.txt?"], asked);
        Assert.Equal(["run", "run", "delete a.txt"], host.Log.Entries);
    }

    [Theory, MemberData(nameof(Links))]
    public async Task Every_other_response_counts_as_no(Link link)
    {
        await using var host = await UserPromptsHost.StartAsync();
        var reactions = new Queue<ElicitResult>([new() { Action = "decline" }, new() { Action = "cancel" }, Accept(("confirm", false))]);
        await using var client = await host.ConnectAsync(link, _ => reactions.Dequeue());

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("kept a.txt", await CallAsync(client, "delete", ("path", "a.txt")));
        }

        Assert.DoesNotContain("delete a.txt", host.Log.Entries);
    }

    [Theory, MemberData(nameof(Links))]
    public async Task A_completed_form_becomes_a_record_and_is_not_asked_again(Link link)
    {
        await using var host = await UserPromptsHost.StartAsync();
        var asked = new List<string>();
        await using var client = await host.ConnectAsync(link, question =>
        {
            asked.Add(question.Message);
            return asked.Count == 1 ? Accept(("name", "Ann"), ("count", 2), ("size", "Large"), ("discount", 0.5)) : Yes();
        });

        Assert.Equal("2 Large for Ann, gift False, note '', discount 0.5", await CallAsync(client, "order"));
        Assert.Equal(["What do you want?", "2 for Ann?"], asked);
    }

    [Theory]
    [InlineData("decline", "Declined")]
    [InlineData("cancel", "Cancelled")]
    public async Task A_form_without_content_says_whether_it_was_declined_or_cancelled(string action, string kind)
    {
        await using var host = await UserPromptsHost.StartAsync();
        await using var client = await host.ConnectAsync(Link.Stateless, _ => new() { Action = action });

        Assert.Equal(kind, await CallAsync(client, "order"));
    }

    [Theory]
    [InlineData(Link.Stateless)]
    [InlineData(Link.Session)]
    public async Task An_invalid_form_is_asked_for_again_with_the_reason(Link link)
    {
        await using var host = await UserPromptsHost.StartAsync();
        var asked = new List<string>();
        var answers = new Queue<ElicitResult>(
        [
            Accept(("name", "Ann"), ("count", 500)),
            Accept(("name", "Ann"), ("count", "2")),
            Accept(("name", "Ann"), ("count", 2)),
            Yes(),
        ]);
        await using var client = await host.ConnectAsync(link, question =>
        {
            asked.Add(question.Message);
            return answers.Dequeue();
        });

        Assert.Equal("2 Small for Ann, gift False, note '', discount none", await CallAsync(client, "order"));
        Assert.Equal(
            [
                "What do you want?",
                "'count' must be at most 5.\n\nWhat do you want?",
                "'count' must be a number.\n\nWhat do you want?",
                "2 for Ann?",
            ],
            asked);
    }

    [Theory]
    [InlineData(Link.Stateless)]
    [InlineData(Link.Session)]
    public async Task Three_invalid_answers_fail_the_call_with_the_reason(Link link)
    {
        await using var host = await UserPromptsHost.StartAsync();
        var asked = 0;
        await using var client = await host.ConnectAsync(link, _ =>
        {
            asked++;
            return Accept(("name", "Ann"));
        });

        Assert.Contains(
            "The last 3 answers to \"What do you want?\" were not valid. 'count' is missing. Start the call again.",
            await FailAsync(client, "order"),
            StringComparison.Ordinal);
        Assert.Equal(3, asked);
    }

    [Theory, MemberData(nameof(Links))]
    public async Task The_same_question_can_be_asked_several_times_up_to_the_limit(Link link)
    {
        await using var host = await UserPromptsHost.StartAsync();
        var asked = 0;
        await using var client = await host.ConnectAsync(link, _ => ++asked == 4 ? Accept(("confirm", false)) : Yes());

        Assert.Equal("3 times yes", await CallAsync(client, "many", ("count", 9)));
        Assert.Equal(4, asked);
        Assert.Equal("enough", await CallAsync(client, "many", ("count", 10)));
        Assert.Contains(
            "The user was asked 10 times in one call", await FailAsync(client, "many", ("count", 11)), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Links))]
    public async Task A_yes_to_an_earlier_version_of_the_question_does_not_count(Link link)
    {
        await using var host = await UserPromptsHost.StartAsync();
        var asked = new List<string>();
        await using var client = await host.ConnectAsync(link, question =>
        {
            asked.Add(question.Message);
            host.Log.Files = 4;
            return Yes();
        });

        Assert.Equal("deleted 4", await CallAsync(client, "changing"));
        Assert.Equal(["Delete 3 files?", "Delete 4 files?"], asked);
    }

    [Theory, MemberData(nameof(Links))]
    public async Task A_url_question_is_asked_once_although_its_nonce_changes(Link link)
    {
        await using var host = await UserPromptsHost.StartAsync();
        var asked = new List<ElicitRequestParams>();
        await using var client = await host.ConnectAsync(link, question =>
        {
            asked.Add(question);
            return new() { Action = "accept" };
        });

        Assert.Equal("opened", await CallAsync(client, "consent"));
        var question = Assert.Single(asked);
        Assert.Equal("url", question.Mode);
        Assert.StartsWith("https://example.com/consent?nonce=", question.Url, StringComparison.Ordinal);
        Assert.NotNull(question.ElicitationId);
    }

    [Theory, MemberData(nameof(Links))]
    public async Task A_client_that_cannot_ask_gets_a_tool_error_with_the_remedy(Link link)
    {
        await using var host = await UserPromptsHost.StartAsync();
        await using var client = await host.ConnectAsync(link, answer: null);

        Assert.Contains(
            "Use a client that supports elicitation", await FailAsync(client, "delete", ("path", "a.txt")), StringComparison.Ordinal);
        await using var formsOnly = await host.ConnectAsync(link, _ => Yes(), canOpenUrls: false);
        Assert.Contains("Use a client that supports URL elicitation", await FailAsync(formsOnly, "consent"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Links))]
    public async Task Prompts_and_resources_can_ask_too(Link link)
    {
        await using var host = await UserPromptsHost.StartAsync();
        await using var client = await host.ConnectAsync(link, _ => Yes());

        var prompt = await client.GetPromptAsync("greeting", cancellationToken: Cancel);
        Assert.Equal("Good day", Assert.IsType<TextContentBlock>(prompt.Messages.Single().Content).Text);
        var resource = await client.ReadResourceAsync("secret://blue", cancellationToken: Cancel);
        Assert.Equal("the secret blue", Assert.IsType<TextResourceContents>(resource.Contents.Single()).Text);
    }

    [Theory, MemberData(nameof(Links))]
    public async Task A_tool_can_have_its_own_state_and_ask_questions(Link link)
    {
        await using var host = await UserPromptsHost.StartAsync();
        await using var client = await host.ConnectAsync(
            link, question => question.Message == "Go on?" ? new() { Action = "accept" } : Yes());

        Assert.Equal("went on from a secret place", await CallAsync(client, "own_state"));
        Assert.Equal("True, between, True", await CallAsync(client, "mixed"));
    }

    [Theory]
    [InlineData(Link.Session)]
    [InlineData(Link.OldPipes)]
    public async Task A_user_of_a_session_can_take_longer_than_the_state_lifetime(Link link)
    {
        await using var host = await UserPromptsHost.StartAsync(stateLifetime: "00:01:00");
        await using var client = await host.ConnectAsync(link, _ =>
        {
            host.Time.Advance(TimeSpan.FromMinutes(14));
            return Yes();
        });

        Assert.Equal("deleted a.txt", await CallAsync(client, "delete", ("path", "a.txt")));
    }

    [Theory]
    [InlineData(Link.Session)]
    [InlineData(Link.OldPipes)]
    public async Task A_call_of_a_session_ends_if_the_user_does_not_answer(Link link)
    {
        await using var host = await UserPromptsHost.StartAsync();
        await using var client = await host.ConnectAsync(link, _ =>
        {
            host.Time.Advance(TimeSpan.FromMinutes(16));
            return Yes();
        });

        var ended = await Assert.ThrowsAsync<McpProtocolException>(() => CallAsync(client, "delete", ("path", "a.txt")));

        Assert.Contains("RemoteMcp:Elicitation:AnswerTimeout", ended.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("delete a.txt", host.Log.Entries);
    }

    [Fact]
    public async Task The_prompts_parameter_is_not_an_argument_of_the_tool()
    {
        await using var host = await UserPromptsHost.StartAsync();
        await using var client = await host.ConnectAsync(Link.Stateless, _ => Yes());

        var tools = await client.ListToolsAsync(cancellationToken: Cancel);
        var properties = tools.Single(tool => tool.Name == "delete").JsonSchema.GetProperty("properties");
        Assert.Equal(["path", "days"], properties.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task An_unsupported_form_or_a_too_long_state_is_a_tool_error()
    {
        await using var host = await UserPromptsHost.StartAsync();
        await using var client = await host.ConnectAsync(Link.Stateless, _ => Yes());

        Assert.NotEmpty(await FailAsync(client, "no_form"));
        Assert.Contains("the answers so far are too long", await FailAsync(client, "too_much"), StringComparison.Ordinal);
    }

    private static ElicitResult Yes() => Accept(("confirm", true));

    private static ElicitResult Accept(params (string Name, object Value)[] fields) => new()
    {
        Action = "accept",
        Content = fields.ToDictionary(field => field.Name, field => JsonSerializer.SerializeToElement(field.Value)),
    };

    private static async Task<string> CallAsync(McpClient client, string tool, params (string Name, object Value)[] arguments)
    {
        var result = await CallToolAsync(client, tool, arguments);
        Assert.False(result.IsError is true, Text(result));
        return Text(result);
    }

    private static async Task<string> FailAsync(McpClient client, string tool, params (string Name, object Value)[] arguments)
    {
        var result = await CallToolAsync(client, tool, arguments);
        Assert.True(result.IsError, Text(result));
        return Text(result);
    }

    private static async Task<CallToolResult> CallToolAsync(McpClient client, string tool, (string Name, object Value)[] arguments) =>
        await client.CallToolAsync(
            tool, arguments.ToDictionary(argument => argument.Name, argument => (object?)argument.Value), cancellationToken: Cancel);

    private static string Text(CallToolResult result) => Assert.IsType<TextContentBlock>(result.Content.Single()).Text;
}
