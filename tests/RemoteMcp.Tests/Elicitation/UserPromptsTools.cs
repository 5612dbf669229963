using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Elicitation;

namespace RemoteMcp.Tests.Elicitation;

/// <summary>Tools that ask the user questions, and record what they do.</summary>
public sealed class UserPromptsTools(UserPromptsLog log)
{
    public enum Size
    {
        Small,
        Large,
    }

    public sealed record Order(
        [Description("Who it is for"), StringLength(20, MinimumLength = 2)] string Name,
        [Range(1, 5)] int Count,
        Size Size = Size.Small,
        bool Gift = false,
        string? Note = null,
        double? Discount = null);

    [McpServerTool(Name = "delete")]
    public async Task<string> Delete(string path, UserPrompts prompts, CancellationToken cancellationToken, int days = 0)
    {
        log.Add("run");
        if (!await prompts.ConfirmAsync($"Delete {path}?", cancellationToken))
        {
            return $"kept {path}";
        }

        log.Add($"delete {path}");
        return days == 0 ? $"deleted {path}" : $"deleted {path} of {days} days";
    }

    [McpServerTool(Name = "order")]
    public async Task<string> PlaceOrder(UserPrompts prompts, CancellationToken cancellationToken)
    {
        log.Add("run");
        var answer = await prompts.FormAsync<Order>("What do you want?", cancellationToken);
        if (!answer.IsAccepted)
        {
            return answer.Kind.ToString();
        }

        var order = answer.Value;
        return await prompts.ConfirmAsync($"{order.Count} for {order.Name}?", cancellationToken)
            ? $"{order.Count} {order.Size} for {order.Name}, gift {order.Gift}, note '{order.Note}', "
                + $"discount {order.Discount?.ToString() ?? "none"}"
            : "not ordered";
    }

    [McpServerTool(Name = "many")]
    public static async Task<string> Many(int count, UserPrompts prompts, CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            // The same question each time. Its position distinguishes it.
            if (!await prompts.ConfirmAsync("Another?", cancellationToken))
            {
                return $"{i} times yes";
            }
        }

        return "enough";
    }

    [McpServerTool(Name = "changing")]
    public async Task<string> Changing(UserPrompts prompts, CancellationToken cancellationToken) =>
        await prompts.ConfirmAsync($"Delete {log.Files} files?", cancellationToken) ? $"deleted {log.Files}" : "kept";

    [McpServerTool(Name = "once")]
    public async Task<string> Once(UserPrompts prompts, CancellationToken cancellationToken)
    {
        if (!await prompts.ConfirmAsync("Pay?", cancellationToken) || !await prompts.ConfirmAsync("Really?", cancellationToken))
        {
            return "not paid";
        }

        await prompts.ConsumeAnswersAsync(cancellationToken);
        log.Add("paid");
        return "paid";
    }

    [McpServerTool(Name = "consent")]
    public static async Task<string> Consent(UserPrompts prompts, CancellationToken cancellationToken) =>
        await prompts.OpenUrlAsync("Sign in", new Uri($"https://example.com/consent?nonce={Guid.NewGuid():N}"), cancellationToken)
            ? "opened"
            : "not opened";

    [McpServerTool(Name = "own_state")]
    public string OwnState(RequestContext<CallToolRequestParams> request)
    {
        log.Add($"state {request.Params.RequestState ?? "none"}");
        return request.Params.RequestState is { } state
            ? $"went on from {state}"
            : throw new InputRequiredException(Question("own"), requestState: "a secret place");
    }

    [McpServerTool(Name = "mixed")]
    public static async Task<string> Mixed(
        RequestContext<CallToolRequestParams> request, UserPrompts prompts, CancellationToken cancellationToken)
    {
        var first = await prompts.ConfirmAsync("First?", cancellationToken);
        if (request.Params.RequestState is not { } state)
        {
            throw new InputRequiredException(Question("own"), requestState: "between");
        }

        return $"{first}, {state}, {await prompts.ConfirmAsync("Last?", cancellationToken)}";
    }

    [McpServerTool(Name = "too_much")]
    public static string TooMuch() => throw new InputRequiredException(Question("own"), requestState: new string('x', 64 * 1024));

    [McpServerTool(Name = "no_form")]
    public static async Task<string> NoForm(UserPrompts prompts, CancellationToken cancellationToken) =>
        (await prompts.FormAsync<Nested>("?", cancellationToken)).Kind.ToString();

    [McpServerPrompt(Name = "greeting")]
    public static async Task<string> Greeting(UserPrompts prompts, CancellationToken cancellationToken) =>
        await prompts.ConfirmAsync("Polite?", cancellationToken) ? "Good day" : "Hi";

    [McpServerResource(UriTemplate = "secret://{name}", Name = "secret")]
    public static async Task<string> Secret(string name, UserPrompts prompts, CancellationToken cancellationToken) =>
        await prompts.ConfirmAsync($"Show {name}?", cancellationToken) ? $"the secret {name}" : "hidden";

    private static Dictionary<string, InputRequest> Question(string key) => new()
    {
        [key] = InputRequest.ForElicitation(new ElicitRequestParams { Message = "Go on?", RequestedSchema = new() }),
    };

    private sealed record Nested(Order Order);
}

/// <summary>Records what the tools did, and contains the number of files that they see.</summary>
public sealed class UserPromptsLog
{
    private readonly Lock _lock = new();
    private readonly List<string> _entries = [];

    public int Files { get; set; } = 3;

    public IReadOnlyList<string> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries];
            }
        }
    }

    public void Add(string entry)
    {
        lock (_lock)
        {
            _entries.Add(entry);
        }
    }
}
