namespace RemoteMcp.Elicitation;

/// <summary>Carries a request's <see cref="UserPrompts"/> from the filter that makes it to the tool's parameter; one a request scope.</summary>
internal sealed class UserPromptsAccessor
{
    public UserPrompts? Current { get; set; }
}
