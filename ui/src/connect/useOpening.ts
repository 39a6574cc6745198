import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useConnect } from "../api/connection";
import { type ApiError, isCode } from "../api/error";
import type { Profile } from "../api/types";

/** Opening a profile, with the question for a password in between where the server wants one. */
export function useOpening() {
  const navigate = useNavigate();
  const connect = useConnect();
  const [asking, setAsking] = useState<Profile | null>(null);
  const [failed, setFailed] = useState<{ profile: Profile; error: ApiError } | null>(null);

  const open = (profile: Profile, password: string | null = null, remember = false) => {
    setFailed(null);
    connect.mutate(
      { profile: profile.id, password, remember },
      {
        onSuccess: () => {
          setAsking(null);
          void navigate({ to: "/tenants" });
        },
        onError: (error) => {
          if (isCode(error, "password_required")) setAsking(profile);
          else setFailed({ profile, error });
        },
      },
    );
  };

  return {
    open,
    /** The profile being opened. */
    opening: connect.isPending ? connect.variables.profile : null,
    /** The profile whose password is being asked for. */
    asking,
    ask: setAsking,
    stopAsking: () => {
      setAsking(null);
      setFailed(null);
    },
    failed,
  };
}

export type Opening = ReturnType<typeof useOpening>;
