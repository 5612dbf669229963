using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Asking;

namespace RemoteMcp.Tests.Asking;

/// <summary>Tools that ask, and what they did.</summary>
public sealed class AskTools(AskLog log)
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
    public async Task<string> Delete(string path, Ask ask, CancellationToken cancellationToken)
    {
        log.Add("run");
        if (!await ask.ConfirmAsync($"Delete {path}?", cancellationToken))
        {
            return $"kept {path}";
        }

        log.Add($"delete {path}");
        return $"deleted {path}";
    }

    [McpServerTool(Name = "order")]
    public async Task<string> PlaceOrder(Ask ask, CancellationToken cancellationToken)
    {
        log.Add("run");
        var answer = await ask.FormAsync<Order>("What do you want?", cancellationToken);
        if (!answer.IsAccepted)
        {
            return answer.Kind.ToString();
        }

        var order = answer.Value;
        return await ask.ConfirmAsync($"{order.Count} for {order.Name}?", cancellationToken)
            ? $"{order.Count} {order.Size} for {order.Name}, gift {order.Gift}, note '{order.Note}', discount {order.Discount?.ToString() ?? "none"}"
            : "not ordered";
    }

    [McpServerTool(Name = "many")]
    public static async Task<string> Many(int count, Ask ask, CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            // The same question each time: told apart by its place.
            if (!await ask.ConfirmAsync("Another?", cancellationToken))
            {
                return $"{i} times yes";
            }
        }

        return "enough";
    }

    [McpServerTool(Name = "changing")]
    public async Task<string> Changing(Ask ask, CancellationToken cancellationToken) =>
        await ask.ConfirmAsync($"Delete {log.Files} files?", cancellationToken) ? $"deleted {log.Files}" : "kept";

    [McpServerTool(Name = "once")]
    public async Task<string> Once(Ask ask, CancellationToken cancellationToken)
    {
        if (!await ask.ConfirmAsync("Pay?", cancellationToken) || !await ask.ConfirmAsync("Really?", cancellationToken))
        {
            return "not paid";
        }

        await ask.OnceAsync(cancellationToken);
        log.Add("paid");
        return "paid";
    }

    [McpServerTool(Name = "consent")]
    public static async Task<string> Consent(Ask ask, CancellationToken cancellationToken) =>
        await ask.OpenUrlAsync("Sign in", new Uri($"https://example.com/consent?nonce={Guid.NewGuid():N}"), cancellationToken) ? "opened" : "not opened";

    [McpServerTool(Name = "own_state")]
    public string OwnState(RequestContext<CallToolRequestParams> request)
    {
        log.Add($"state {request.Params.RequestState ?? "none"}");
        return request.Params.RequestState is { } state
            ? $"went on from {state}"
            : throw new InputRequiredException(Question("own"), requestState: "a secret place");
    }

    [McpServerTool(Name = "mixed")]
    public static async Task<string> Mixed(RequestContext<CallToolRequestParams> request, Ask ask, CancellationToken cancellationToken)
    {
        var first = await ask.ConfirmAsync("First?", cancellationToken);
        if (request.Params.RequestState is not { } state)
        {
            throw new InputRequiredException(Question("own"), requestState: "between");
        }

        return $"{first}, {state}, {await ask.ConfirmAsync("Last?", cancellationToken)}";
    }

    [McpServerTool(Name = "too_much")]
    public static string TooMuch() => throw new InputRequiredException(Question("own"), requestState: new string('x', 64 * 1024));

    [McpServerTool(Name = "no_form")]
    public static async Task<string> NoForm(Ask ask, CancellationToken cancellationToken) =>
        (await ask.FormAsync<Nested>("?", cancellationToken)).Kind.ToString();

    [McpServerPrompt(Name = "greeting")]
    public static async Task<string> Greeting(Ask ask, CancellationToken cancellationToken) =>
        await ask.ConfirmAsync("Polite?", cancellationToken) ? "Good day" : "Hi";

    [McpServerResource(UriTemplate = "secret://{name}", Name = "secret")]
    public static async Task<string> Secret(string name, Ask ask, CancellationToken cancellationToken) =>
        await ask.ConfirmAsync($"Show {name}?", cancellationToken) ? $"the secret {name}" : "hidden";

    private static Dictionary<string, InputRequest> Question(string key) => new()
    {
        [key] = InputRequest.ForElicitation(new ElicitRequestParams { Message = "Go on?", RequestedSchema = new() }),
    };

    private sealed record Nested(Order Order);
}

/// <summary>What the tools did, and what the world looks like to them.</summary>
public sealed class AskLog
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
