using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Http;

/// <summary>
/// States why the server refuses a request, for the audit log. The step that refuses the request adds it to the features of the request.
/// </summary>
/// <param name="Text">The class of the reason. It contains nothing that the caller sent.</param>
internal sealed record RefusalReason(string Text)
{
    /// <summary>Sets the reason, unless an earlier step has set a more exact one.</summary>
    public static void Set(HttpContext context, string text)
    {
        if (context.Features.Get<RefusalReason>() is null)
        {
            context.Features.Set(new RefusalReason(text));
        }
    }
}
