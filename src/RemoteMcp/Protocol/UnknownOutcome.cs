namespace RemoteMcp.Protocol;

/// <summary>
/// Contains the advice for a client whose request ended after it had begun and before the server knew the result. Such a client must not
/// repeat the request without a check, because the request may have had its effect.
/// </summary>
internal static class UnknownOutcome
{
    public const string OfCall =
        "The call may have been executed, completely or in part. Check its effect before you call again.";

    public const string OfRequest =
        "The request may have been executed, completely or in part. Check its effect before you send it again.";
}
