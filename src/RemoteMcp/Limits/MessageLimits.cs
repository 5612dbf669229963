using Microsoft.AspNetCore.Http;
using RemoteMcp.Auth.Authentication;

namespace RemoteMcp.Limits;

/// <summary>Counts messages of every kind, and refuses those that exceed the limit of their caller.</summary>
internal sealed class MessageLimits(CallerLimits limits, LimitErrors errors)
{
    /// <summary>Counts messages of the caller of a request. If they exceed the limit, this method writes the response.</summary>
    /// <returns>Whether the messages may be processed.</returns>
    public async ValueTask<bool> TryCountAsync(HttpContext context, int messages)
    {
        using var counted = limits.CountMessages(Caller.From(context.User), messages);
        if (!counted.IsAcquired)
        {
            await errors.RefuseMessagesAsync(context, counted);
        }

        return counted.IsAcquired;
    }
}
