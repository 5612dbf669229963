using Azure.Identity;

namespace RemoteMcp.ManagedIdentity;

/// <summary>Why there is no token.</summary>
public enum CloudAccessProblem
{
    /// <summary>Neither the user nor an administrator has consented.</summary>
    ConsentMissing,

    /// <summary>The user is not assigned to an application that demands it.</summary>
    NotAssigned,

    /// <summary>The user has to sign in again, with what Conditional Access demands.</summary>
    SignInAgain,

    /// <summary>Conditional Access does not let the user in.</summary>
    Blocked,

    /// <summary>The caller is an app without a user, and somebody's permissions are needed.</summary>
    NoUser,

    /// <summary>The caller's token is not at hand where the call runs.</summary>
    TokenNotAtHand,

    /// <summary>Nobody is signed in on this machine.</summary>
    NotSignedIn,

    /// <summary>The operator has to set up the server's identity.</summary>
    NotConfigured,

    /// <summary>The sign-in service does not answer, or asks for a pause.</summary>
    Unavailable,

    /// <summary>The sign-in service refuses for another reason.</summary>
    Refused,
}

/// <summary>
/// There is no token for what a tool wants to reach. The message is for the user: what is missing, and who has to do what. Let it pass out of the
/// tool, as an inner exception too.
/// </summary>
public sealed class CloudAccessException : AuthenticationFailedException
{
    internal CloudAccessException(CloudAccessProblem problem, string message, Uri? page = null, Exception? inner = null)
        : base(message, inner) => (Problem, Page) = (problem, page);

    /// <summary>What kind of problem it is.</summary>
    public CloudAccessProblem Problem { get; }

    /// <summary>The page on which it can be mended, if there is one.</summary>
    public Uri? Page { get; }

    internal static CloudAccessException? FindIn(Exception? exception) => exception switch
    {
        null => null,
        CloudAccessException found => found,
        AggregateException several => several.InnerExceptions.Select(FindIn).FirstOrDefault(static found => found is not null),
        _ => FindIn(exception.InnerException),
    };
}
