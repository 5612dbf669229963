using System.Security.Claims;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Storage;

namespace RemoteMcp.Elicitation;

/// <summary>
/// Records which answers have been used, in the table <c>UsedAnswers</c>. The partition key is the key of the caller, and the row key is
/// the id of the conversation. Each use is one insert. The row expires later than every request state of its conversation.
/// </summary>
internal sealed class ReplayGuard(
    IStateStore store, IEnumerable<IActionFence> fences, IOptions<ElicitationOptions> options, TimeProvider time)
{
    public const string Table = "UsedAnswers";

    private static readonly BinaryData s_emptyBody = BinaryData.FromString("{}");

    /// <summary>Marks the answers of a conversation, if there is one, as used, and checks whether the call may still act.</summary>
    /// <exception cref="McpException">
    /// The answers were used before, the client may have been told that the call has failed, or the storage does not respond. The tool must
    /// not act.
    /// </exception>
    public async ValueTask UseAsync(ClaimsPrincipal? user, string? conversation, CancellationToken cancellationToken)
    {
        if (conversation is not null)
        {
            await UseAnswersAsync(user, conversation, cancellationToken);
        }

        foreach (var fence in fences)
        {
            await fence.CheckAsync(cancellationToken);
        }
    }

    private async Task UseAnswersAsync(ClaimsPrincipal? user, string conversation, CancellationToken cancellationToken)
    {
        // A client can repeat the state of an early round just before it expires. The next state then has a full lifetime of its own. This
        // can happen in every round, so the row must last for the lifetimes of all rounds.
        var expiresAt = time.GetUtcNow() + (options.Value.StateLifetime * UserPrompts.MaxRounds);
        string? written;
        try
        {
            written = await store.TryInsertAsync(
                new StateKey(Table, Caller.From(user).Key, conversation), s_emptyBody, expiresAt, cancellationToken);
        }
        catch (StateUnavailableException exception)
        {
            throw new McpException(
                "Nothing was done: the server's storage does not answer. "
                    + $"Try again in {Math.Ceiling(exception.RetryAfter.TotalSeconds)} s.", exception);
        }

        if (written is null)
        {
            throw new McpException(
                "Nothing was done: the user's answer has already been used. "
                + "Start the call again without requestState, so that the user is asked again.");
        }
    }
}
