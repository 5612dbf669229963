using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Http;
using RemoteMcp.Protocol;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.Observability;

/// <summary>
/// Writes one log entry for each act of a caller and for each request that the server refuses: the caller, the act, the outcome, and the
/// duration. It never writes arguments, URIs that a caller chose, or results. Names from a caller are encoded as one word, so that they
/// cannot imitate another entry. The log category is <c>RemoteMcp.Observability.AuditLog</c>. The values are also properties of the entry
/// (structured logging).
/// </summary>
/// <remarks>
/// All acts are written. Anyone can cause refusals, so at most <see cref="RefusalsPerSecond"/> of each of two kinds are written in a
/// second: those of callers who have signed in, and all others. The next entry of the kind reports how many were omitted.
/// </remarks>
internal sealed partial class AuditLog(ILogger<AuditLog> logger, TimeProvider time)
{
    /// <summary>The maximum number of entries of refusals in a second, for each kind.</summary>
    public const int RefusalsPerSecond = 10;

    private const int MaxName = 80;
    private const int MaxCaller = 200;
    private const int MaxReason = 200;
    private const string Unknown = "unknown";

    private readonly LogRate _unknownCallers = new(RefusalsPerSecond, time);
    private readonly LogRate _knownCallers = new(RefusalsPerSecond, time);

    /// <summary>Writes the entry of an act that the SDK performed or refused.</summary>
    /// <param name="kind">The kind of the act.</param>
    /// <param name="name">The name of the item, from <see cref="Known"/> or <see cref="Foreign"/>.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="outcome">The outcome, one word.</param>
    /// <param name="duration">The duration of the act.</param>
    public void Acted(AuditedAct kind, string name, Caller caller, string outcome, TimeSpan duration)
    {
        var (tenant, user, client) = Describe(caller);
        var milliseconds = duration.TotalMilliseconds;
        switch (kind)
        {
            case AuditedAct.Tool:
                WriteTool(name, tenant, user, client, outcome, milliseconds);
                break;
            case AuditedAct.Prompt:
                WritePrompt(name, tenant, user, client, outcome, milliseconds);
                break;
            case AuditedAct.Resource:
                WriteResource(name, tenant, user, client, outcome, milliseconds);
                break;
            case AuditedAct.Subscription:
                WriteSubscription(name, tenant, user, client, outcome, milliseconds);
                break;
            case AuditedAct.Unsubscription:
                WriteUnsubscription(name, tenant, user, client, outcome, milliseconds);
                break;
            case AuditedAct.Listening:
                WriteListening(tenant, user, client, outcome, milliseconds);
                break;
            default:
                WriteCompletion(name, tenant, user, client, outcome, milliseconds);
                break;
        }
    }

    /// <summary>Writes the entry of a request that the server refused before the SDK performed anything.</summary>
    /// <param name="context">The request, with the response.</param>
    /// <param name="duration">The time that the request took.</param>
    public void Refused(HttpContext context, TimeSpan duration)
    {
        var caller = Caller.IsIdentifiable(context.User) ? Caller.From(context.User) : Caller.Local;
        var status = context.Response.StatusCode;
        var reason = context.Features.Get<RefusalReason>()?.Text ?? ReasonPhrases.GetReasonPhrase(status);
        Refused(ActOf(context), caller, status, reason, duration);
    }

    /// <summary>Writes the entry of a request that another instance has relayed, and that a limit of the caller refuses.</summary>
    /// <param name="request">The request.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="reason">The reason of the refusal.</param>
    public void Refused(JsonRpcRequest request, Caller caller, string reason) => Refused(
        ActOf(request.Method, request.Params?["name"] is JsonValue name && name.TryGetValue(out string? target) ? target : null),
        caller,
        StatusCodes.Status429TooManyRequests,
        reason,
        TimeSpan.Zero);

    /// <summary>Returns the name of an item of the server.</summary>
    public static string Known(string name) => SafeText.Line(name, MaxCaller);

    /// <summary>Returns the name in a request for an item that the server does not have.</summary>
    public static string Foreign(string? name) =>
        string.IsNullOrEmpty(name) ? $"({Unknown})" : $"({Unknown}:{SafeText.Word(name, MaxName)})";

    private void Refused(string act, Caller caller, int status, string reason, TimeSpan duration)
    {
        if ((caller == Caller.Local ? _unknownCallers : _knownCallers).TryWrite(out var omitted))
        {
            var (tenant, user, client) = Describe(caller);
            var others = omitted == 0 ? "" : $" ({omitted} more refusals were omitted)";
            var (text, milliseconds) = (SafeText.Line(reason, MaxReason), duration.TotalMilliseconds);
            WriteRefusal(act, tenant, user, client, status, text, milliseconds, others);
        }
    }

    private static (string Tenant, string User, string Client) Describe(Caller caller) =>
        (Describe(caller.Tenant), Describe(caller.User), Describe(caller.Client));

    private static string Describe(string part) => part.Length == 0 ? Unknown : SafeText.Word(part, MaxCaller);

    // The method and the target of the message, if the server has read it.
    private static string ActOf(HttpContext context) => context.Features.Get<JsonRpcEnvelope>() is { Method: { } method } message
        ? ActOf(method, message.Target)
        : $"{SafeText.Word(context.Request.Method, MaxName)} {SafeText.Word(context.Request.Path.Value ?? "", MaxName)}";

    // A URI can contain what a caller keeps secret.
    private static string ActOf(string method, string? target) =>
        target is not null && method is (RequestMethods.ToolsCall or RequestMethods.PromptsGet)
            ? $"{SafeText.Word(method, MaxName)} {SafeText.Word(target, MaxName)}"
            : SafeText.Word(method, MaxName);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Tool {Tool} called by {Tenant}/{User} through {Client}: {Outcome} in {Duration:F0} ms")]
    private partial void WriteTool(string tool, string tenant, string user, string client, string outcome, double duration);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Prompt {Prompt} requested by {Tenant}/{User} through {Client}: {Outcome} in {Duration:F0} ms")]
    private partial void WritePrompt(string prompt, string tenant, string user, string client, string outcome, double duration);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Resource {Resource} read by {Tenant}/{User} through {Client}: {Outcome} in {Duration:F0} ms")]
    private partial void WriteResource(string resource, string tenant, string user, string client, string outcome, double duration);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Resource {Resource} subscribed by {Tenant}/{User} through {Client}: {Outcome} in {Duration:F0} ms")]
    private partial void WriteSubscription(string resource, string tenant, string user, string client, string outcome, double duration);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Resource {Resource} unsubscribed by {Tenant}/{User} through {Client}: {Outcome} in {Duration:F0} ms")]
    private partial void WriteUnsubscription(
        string resource, string tenant, string user, string client, string outcome, double duration);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Notifications listened to by {Tenant}/{User} through {Client}: {Outcome} in {Duration:F0} ms")]
    private partial void WriteListening(string tenant, string user, string client, string outcome, double duration);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Completion of {Item} requested by {Tenant}/{User} through {Client}: {Outcome} in {Duration:F0} ms")]
    private partial void WriteCompletion(string item, string tenant, string user, string client, string outcome, double duration);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Request {Act} refused for {Tenant}/{User} through {Client}: {Status} {Reason} in {Duration:F0} ms{Omitted}")]
    private partial void WriteRefusal(
        string act, string tenant, string user, string client, int status, string reason, double duration, string omitted);
}

/// <summary>Specifies the kind of an act in the audit log.</summary>
internal enum AuditedAct
{
    /// <summary><c>tools/call</c></summary>
    Tool,

    /// <summary><c>prompts/get</c></summary>
    Prompt,

    /// <summary><c>resources/read</c></summary>
    Resource,

    /// <summary><c>resources/subscribe</c></summary>
    Subscription,

    /// <summary><c>resources/unsubscribe</c></summary>
    Unsubscription,

    /// <summary><c>subscriptions/listen</c></summary>
    Listening,

    /// <summary><c>completion/complete</c></summary>
    Completion,
}
